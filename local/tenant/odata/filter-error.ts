/** The text is not a filter, or not one of the part of OData understood here. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}
