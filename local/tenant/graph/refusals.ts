import { Refusal } from '../refusal.ts';

/** What Graph answers where it does not do what it was asked; codes and texts as Graph has them. */

export const notFound = (id: string): Refusal =>
  new Refusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const denied = (): Refusal =>
  new Refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** What the sign-in data says in place of the ordinary denial. */
export const permissionMissing = (permission: string): Refusal =>
  new Refusal(
    403,
    'Authentication_MSGraphPermissionMissing',
    `The principal does not have required Microsoft Graph permission(s): ${permission} to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview.`,
  );

export const unsupportedQuery = (message: string): Refusal => new Refusal(400, 'Request_UnsupportedQuery', message);

export const badRequest = (message: string): Refusal => new Refusal(400, 'Request_BadRequest', message);

/** From the OData layer in front of the directory, which has a code of its own. */
export const badSyntax = (message: string): Refusal => new Refusal(400, 'BadRequest', message);
