import { Fault } from '../domain/fault.ts';

const name = /^[a-z][a-z0-9-]{0,59}\/[0-9TW-]{4,20}\.(?:html|csv|md|json)$/;

/** Report, period and format, and no way out of the container. @throws Fault `halt` */
export function checkReportName(wanted: string): void {
  if (!name.test(wanted))
    throw new Fault('halt', 'report-name', 'No report can have this name.', { detail: { name: wanted.slice(0, 100) } });
}
