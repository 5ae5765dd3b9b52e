// Amounts as the page's language writes them, added exactly: in thousandths (no currency has more), as BigInt.

const SCALE = 3;

export function reader({ decimal, group, digits, locale }) {
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const spaces = "\u0020\u00a0\u202f", apostrophes = "'\u2019";
  const alike = [spaces, apostrophes].find((family) => family.includes(group)) ?? group;
  const groups = [...alike].map((mark) => `\\d{1,3}(?:${escape(mark)}\\d{3})+`).join("|");
  const grammar = new RegExp(`^(-?)(${groups}|\\d+)?(?:${escape(decimal)}(\\d{1,${SCALE}}))?$`);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

  return {
    // Thousandths, or null where the text is no amount (the server says why).
    parse(text) {
      const match = grammar.exec(text.trim().replace("\u2212", "-"));
      if (!match || !(match[2] || match[3])) return null;
      const whole = (match[2] ?? "0").replace(/\D/g, "");
      const value = BigInt(whole + (match[3] ?? "").padEnd(SCALE, "0"));
      return match[1] ? -value : value;
    },
    // Intl formats a decimal string exactly.
    write(thousandths) {
      const sign = thousandths < 0n ? "-" : "";
      const figures = `${thousandths < 0n ? -thousandths : thousandths}`.padStart(SCALE + 1, "0");
      return format.format(`${sign}${figures.slice(0, -SCALE)}.${figures.slice(-SCALE)}`);
    },
  };
}
