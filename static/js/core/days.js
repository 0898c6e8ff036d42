// Times as people say them. `language` is the page's; `now` is given, so that nothing here reads a clock.
const DAY = 86_400_000;
const formats = new Map();

function formatter(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key);
}

const midnight = (ms) => new Date(ms).setHours(0, 0, 0, 0);

/** How many midnights lie between two times. */
export const daysBetween = (ms, now) => Math.round((midnight(now) - midnight(ms)) / DAY);

export const dayKey = (ms) => {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
};

export const clock = (ms, language) => formatter(language, { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(ms);

export const fullTime = (ms, language) =>
  formatter(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(ms);

/** For a row of the list: the time today, "Yesterday", a weekday within a week, else the date. */
export function rowTime(ms, now, language, words) {
  const days = daysBetween(ms, now);
  if (days <= 0) return clock(ms, language);
  if (days === 1) return words.yesterday;
  if (days < 7) return formatter(language, { weekday: "short" }).format(ms);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return formatter(language, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(ms);
}

/** For a line in the log: "Today", "Yesterday", else the weekday and date. */
export function dayName(ms, now, language, words) {
  const days = daysBetween(ms, now);
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return formatter(language, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(ms);
}
