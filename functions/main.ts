/* Every function, by name: what is not imported here does not exist for the host. */
import './alerts.ts';
import './alerts-read.ts';
import './audit-read.ts';
import './controls-read.ts';
import './controls-write.ts';
import './ingest-generic.ts';
import './ingest-permissions-management-email.ts';
import './ingest-permissions-management-finding.ts';
import './ingest-unknown.ts';
import './runs.ts';
import './runs-decide.ts';
import './runs-list.ts';
import './runs-read.ts';
import './runs-undo.ts';
import './tick.ts';
