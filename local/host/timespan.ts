const SHAPE = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/** Milliseconds of a .NET TimeSpan: `[days.]hh:mm[:ss[.fraction]]`. */
export function parseTimeSpan(text: string): number {
  const match = SHAPE.exec(text.trim());
  if (!match) throw new Error(`"${text}" is not a TimeSpan such as 00:05:00.`);
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
}
