// The parts of Apache ECharts that our charts use; everything else is shaken out of the bundle.
// A new kind of chart is one more import here, then `pip install ./assets`.
import { BarChart, HeatmapChart, LineChart, PieChart, TreemapChart } from "echarts/charts";
import {
  AriaComponent,
  CalendarComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  PieChart,
  TreemapChart,
  AriaComponent,
  CalendarComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  SVGRenderer,
]);

export { init } from "echarts/core";
