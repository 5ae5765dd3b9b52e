// Dates as numbers of days, so that no time zone can move one: 2026-08-22 is 20687, whoever looks at it.

const LENGTH = 86_400_000;

// ISO date → days since 1970-01-01.
export function ordinal(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return Date.UTC(year, month - 1, day) / LENGTH;
}

// In UTC from end to end: what Intl and toISOString are given has no other reading.
export const instant = (days) => days * LENGTH;

export const iso = (days) => new Date(instant(days)).toISOString().slice(0, 10);

export const MONDAY = 4; // 1970-01-05

// Monday is 1, Sunday 7.
export const weekday = (days) => ((((days - MONDAY) % 7) + 7) % 7) + 1;
