/** App settings as functions see them: the given ones first, then the environment. */
export interface Settings {
  get(name: string): string | undefined;
  /** Replaces %NAME% and refuses names that are not set, as the real host does when it indexes a function. */
  resolve(text: string): string;
}

export function createSettings(given: Record<string, string>, env: NodeJS.ProcessEnv): Settings {
  const get = (name: string): string | undefined => given[name] ?? env[name];
  return {
    get,
    resolve: (text) =>
      text.replace(/%([^%]+)%/g, (whole, name: string) => {
        const value = get(name);
        if (value === undefined) throw new Error(`${whole} does not resolve to a value: set the app setting ${name}.`);
        return value;
      }),
  };
}

/** `AzureWebJobs.<function>.Disabled` is the host's own switch for one function. */
export function isDisabled(settings: Settings, functionName: string): boolean {
  return /^(true|1)$/i.test(settings.get(`AzureWebJobs.${functionName}.Disabled`) ?? '');
}
