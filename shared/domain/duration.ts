import { z } from 'zod';

const pattern = /^P(?!$)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$/;

/** An ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `P30D` or `PT15M`. Years and months have no fixed length and are not accepted. */
export const durationSchema = z
  .string()
  .regex(pattern, 'write a duration as ISO 8601, such as P30D, PT15M or PT1H30M (no years or months)');

/** Milliseconds of an ISO 8601 duration accepted by `durationSchema`. @throws RangeError on anything else. */
export function milliseconds(duration: string): number {
  const match = pattern.exec(duration);
  if (!match) throw new RangeError(`${duration} is not an ISO 8601 duration without years and months`);
  const [, weeks, days, hours, minutes, seconds] = match.map((part) => Number(part ?? 0));
  const allDays = (weeks ?? 0) * 7 + (days ?? 0);
  return (((allDays * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

/** `time` (ISO 8601) moved by milliseconds, as ISO 8601 in UTC. */
export function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** How many whole days lie between two ISO 8601 times. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
