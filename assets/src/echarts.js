// The parts of Apache ECharts that our charts use; everything else is shaken out of the bundle.
// A new kind of chart is one more import here, then `pip install ./assets`.
import { BarChart, CustomChart, LineChart, PieChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  CustomChart,
  LineChart,
  PieChart,
  TreemapChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  SVGRenderer,
]);

export { init, setPlatformAPI } from "echarts/core";
