// Times in the reader's own zone.

const MINUTE_MS = 60000;
const at_of = (ts) => new Date(Number(ts) * 1000);

export const clock = (ts) => at_of(ts).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });

export const in_full = (ts) => at_of(ts).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });

export const same_day = (a, b) => at_of(a).toDateString() === at_of(b).toDateString();

export function day(ts) {
  const today = new Date();
  const yesterday = new Date(today.getTime() - 24 * 60 * MINUTE_MS);
  const text = at_of(ts).toDateString();
  if (text === today.toDateString()) return 'Today';
  if (text === yesterday.toDateString()) return 'Yesterday';
  return at_of(ts).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

export const civil_day = (iso) => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso
    : at.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
};

const ago = (at) => {
  const minutes = Math.round((Date.now() - at.getTime()) / MINUTE_MS);
  if (Math.abs(minutes) < 1) return 'just now';
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(-minutes, 'minute');
  return Math.abs(minutes) < 48 * 60 ? words.format(-Math.round(minutes / 60), 'hour') : words.format(-Math.round(minutes / 1440), 'day');
};

const shown = (at, options) => at.toLocaleString(undefined, options);
const placeholders = {
  date_num: (at) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`,
  date_slash: (at) => shown(at, { year: 'numeric', month: '2-digit', day: '2-digit' }),
  date: (at) => shown(at, { dateStyle: 'long' }),
  date_short: (at) => shown(at, { dateStyle: 'medium' }),
  date_long: (at) => shown(at, { dateStyle: 'full' }),
  day_divider_pretty: (at) => day(at.getTime() / 1000),
  time: (at) => shown(at, { timeStyle: 'short' }),
  time_secs: (at) => shown(at, { timeStyle: 'medium' }),
  ago,
};

// Slack's <!date^seconds^format>: ${format} with its {placeholders}; null when it cannot be shown.
export function formatted(seconds, format) {
  const at = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds) || Number.isNaN(at.getTime())) return null;
  return format.replace(/\{([a-z_]+?)(_pretty)?\}/g, (whole, name, pretty) => {
    if (pretty && name.startsWith('date') && day(seconds).match(/^(Today|Yesterday)$/)) return day(seconds).toLowerCase();
    return (placeholders[name + (pretty ?? '')] ?? placeholders[name])?.(at) ?? whole;
  });
}
