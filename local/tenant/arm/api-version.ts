import { Refusal } from '../refusal.ts';
import type { ArmOperation } from './operations.ts';

/** @throws Refusal where the version is missing or not one of the resource type's. */
export function checkVersion({ path, versions }: ArmOperation, asked: string | null): void {
  if (!asked) {
    throw new Refusal(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (versions.includes(asked)) return;
  const supported = `'${versions.join(', ')}'`;
  const type = /Microsoft\.Authorization\/(\w+)/.exec(path)?.[1];
  if (!type) {
    const message = `The api-version '${asked}' is invalid. The supported versions are ${supported}.`;
    throw new Refusal(400, 'InvalidApiVersionParameter', message);
  }
  throw new Refusal(
    400,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace 'Microsoft.Authorization' for api version '${asked}'. The supported api-versions are ${supported}.`,
  );
}
