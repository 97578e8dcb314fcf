/** The package has no types of its own; this is what the tests use of it. */
declare module 'asl-validator' {
  interface Finding {
    readonly 'Error code': string;
    readonly Message: string;
  }
  /**
   * Checks a definition in Amazon States Language against the JSON schemas of the language, and its transitions,
   * expressions and ARNs.
   */
  function validate(definition: object): { readonly isValid: boolean; readonly errors: readonly Finding[] };
  export = validate;
}
