// Dates as spreadsheets write them, made into 2026-11-22; a date is three numbers here and never a moment.

const WRITTEN = [
  { order: "ymd", pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})$/ },
  { order: "ymd", pattern: /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/ },
  { order: "dmy", pattern: /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})?$/ },
  { order: "local", pattern: /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$/ },
];

// How all these texts are dates, as a function from a text to its date or null; null if not even one of them is. Where
// day and month could be either way round, all of them together tell, and else the language does.
export function readerOfDates(texts, { locale, day }) {
  const usual = monthComesFirst(locale) ? ["mdy", "dmy"] : ["dmy", "mdy"];
  const readers = usual.map((order) => (text) => read(text, order, day.slice(0, 4)));
  const counts = readers.map((reader) => texts.filter(reader).length);
  const best = counts[1] > counts[0] ? 1 : 0;
  return counts[best] ? readers[best] : null;
}

function monthComesFirst(locale) {
  const parts = new Intl.DateTimeFormat(locale, { day: "numeric", month: "numeric", year: "numeric" }).formatToParts();
  const kinds = parts.map(({ type }) => type);
  return kinds.indexOf("month") < kinds.indexOf("day");
}

function read(text, local, thisYear) {
  for (const { order, pattern } of WRITTEN) {
    const match = pattern.exec(text);
    if (match) return written(order === "local" ? local : order, match.slice(1), thisYear);
  }
  return null;
}

function written(order, numbers, thisYear) {
  const part = (letter) => numbers[order.indexOf(letter)];
  const year = (part("y") ?? thisYear).padStart(4, "20"), month = Number(part("m")), day = Number(part("d"));
  if (month < 1 || month > 12 || day < 1 || day > daysOf(Number(year), month)) return null;
  return [year, `${month}`.padStart(2, "0"), `${day}`.padStart(2, "0")].join("-");
}

function daysOf(year, month) {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
