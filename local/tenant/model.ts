/** What the stand-in tenant is made of. Names and shapes are those of the Graph and ARM resources they answer for. */

export interface SignInActivity {
  readonly lastSignInDateTime: string | null;
  readonly lastSignInRequestId: string | null;
  readonly lastNonInteractiveSignInDateTime: string | null;
  readonly lastNonInteractiveSignInRequestId: string | null;
  readonly lastSuccessfulSignInDateTime: string | null;
  readonly lastSuccessfulSignInRequestId: string | null;
}

export type AttributeValue = string | boolean | number | readonly (string | number)[];
/** Attribute set → attribute → value. */
export type CustomSecurityAttributes = Readonly<Record<string, Readonly<Record<string, AttributeValue>>>>;

export interface User {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly accountEnabled: boolean;
  readonly userType: 'Member' | 'Guest';
  readonly createdDateTime: string;
  readonly deletedDateTime: string | null;
  readonly onPremisesSyncEnabled: boolean | null;
  readonly signInSessionsValidFromDateTime: string;
  /** Null where the user never signed in. */
  readonly signInActivity: SignInActivity | null;
  readonly customSecurityAttributes: CustomSecurityAttributes | null;
  readonly assignedLicenses: readonly { readonly skuId: string; readonly disabledPlans: readonly string[] }[];
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly isAssignableToRole: boolean | null;
  readonly createdDateTime: string;
  readonly members: readonly string[];
  readonly owners: readonly string[];
}

export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalType: 'ManagedIdentity' | 'Application';
  readonly accountEnabled: boolean;
  /** Graph application permissions granted to it. */
  readonly appRoles: readonly string[];
}

export interface DirectoryRole {
  /** Template id, which is the role definition id everywhere. */
  readonly id: string;
  /** Id of the activated `directoryRole` object, which a membership list shows. */
  readonly objectId: string;
  readonly displayName: string;
  readonly description: string;
  readonly isPrivileged: boolean;
}

/** A directory role held, or one that may be activated. */
export interface DirectoryGrant {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
  readonly startDateTime: string;
  readonly endDateTime: string | null;
}

/** Membership or ownership of a group that a principal may activate (PIM for groups). */
export interface GroupEligibility {
  readonly principalId: string;
  readonly groupId: string;
  readonly accessId: 'member' | 'owner';
  readonly startDateTime: string;
  readonly endDateTime: string | null;
}

export interface Subscription {
  readonly id: string;
  readonly displayName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly resourceGroups: readonly string[];
}

export interface AzureRole {
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly type: 'BuiltInRole' | 'CustomRole';
  readonly assignableScopes: readonly string[];
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

export interface RoleAssignment {
  readonly name: string;
  readonly scope: string;
  /** GUID of the role. */
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

/** An Azure role that its holder may activate (PIM). */
export interface RoleEligibility {
  readonly name: string;
  readonly scheduleName: string;
  readonly scope: string;
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly startDateTime: string;
  readonly endDateTime: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly createdOn: string;
}

export interface State {
  readonly organization: { readonly id: string; readonly displayName: string; readonly domain: string };
  readonly users: Record<string, User>;
  readonly deletedUsers: Record<string, User>;
  readonly groups: Record<string, Group>;
  readonly servicePrincipals: Record<string, ServicePrincipal>;
  readonly directoryRoles: readonly DirectoryRole[];
  readonly directoryAssignments: DirectoryGrant[];
  readonly directoryEligibilities: DirectoryGrant[];
  readonly groupEligibilities: GroupEligibility[];
  /** Attribute set → attributes defined in it. All of them are single strings. */
  readonly attributeSets: Readonly<Record<string, readonly string[]>>;
  readonly managementGroup: { readonly name: string; readonly subscriptions: readonly string[] };
  readonly subscriptions: readonly Subscription[];
  readonly azureRoles: readonly AzureRole[];
  readonly assignments: RoleAssignment[];
  readonly eligibilities: RoleEligibility[];
}
