// Amounts and sums as the page's language writes them, read exactly as ledgers/money.py reads them: in thousandths (no
// currency has more), as BigInt.

import { isSum, reckon, Refused } from "./grid/arithmetic.mjs";

const SCALE = 3;
const MOST_DECIMALS = 6; // of a number in a sum
const MOST_WHOLE = 12;
const LIMIT = 10n ** BigInt(MOST_WHOLE + SCALE);

export function reader({ decimal, group, digits, locale }) {
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const spaces = "\u0020\u00a0\u202f", apostrophes = "'\u2019";
  const alike = [spaces, apostrophes].find((family) => family.includes(group)) ?? group;
  const groups = [...alike].map((mark) => `\\d{1,3}(?:${escape(mark)}\\d{3})+`).join("|");
  const grammar = new RegExp(`^(-?)(${groups}|\\d+)?(?:${escape(decimal)}(\\d+))?$`);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

  // One number with at most so many decimals, as a fraction.
  const number = (text, most, tooMany) => {
    const match = grammar.exec(text.trim().replace("\u2212", "-"));
    if (!match || !(match[2] || match[3])) throw new Refused("number");
    const [, minus, grouped = "0", part = ""] = match, whole = grouped.replace(/\D/g, "");
    if (whole.replace(/^0+/, "").length > MOST_WHOLE) throw new Refused("large");
    if (part.length > most) throw new Refused(tooMany);
    const figures = BigInt(whole + part);
    return [minus ? -figures : figures, 10n ** BigInt(part.length)];
  };

  const scale = 10n ** BigInt(SCALE - digits);

  // Thousandths. Throws Refused with the code of the reason.
  const read = (text) => {
    if (!isSum(text)) {
      const [figures, unit] = number(text, digits, "decimals");
      return (figures * 10n ** BigInt(SCALE)) / unit;
    }
    const amount = reckon(text, (part) => number(part, MOST_DECIMALS, "part"), digits) * scale;
    if (amount >= LIMIT || amount <= -LIMIT) throw new Refused("large");
    return amount;
  };

  const plain = (thousandths) => {
    const sign = thousandths < 0n ? "-" : "";
    const figures = `${thousandths < 0n ? -thousandths : thousandths}`.padStart(SCALE + 1, "0");
    const places = figures.endsWith("0".repeat(SCALE - digits)) ? digits : SCALE;
    const part = figures.slice(-SCALE, figures.length - SCALE + places);
    return `${sign}${figures.slice(0, -SCALE)}${places ? `.${part}` : ""}`;
  };

  return {
    isSum,
    read,
    // Thousandths, or null where the text is no amount.
    parse(text) {
      try {
        return read(text);
      } catch (error) {
        if (error instanceof Refused) return null;
        throw error;
      }
    },
    // Intl formats a decimal string exactly.
    write: (thousandths) => format.format(plain(thousandths)),
    // As it is typed: without marks of grouping.
    typed: (thousandths) => plain(thousandths).replace(".", decimal),
    // What the API wrote, as it is typed.
    local: (amount) => amount.replace(".", decimal),
  };
}
