'use strict';

// Stands where the Functions worker stands: the real worker answers `require('@azure/functions-core')` itself,
// before module resolution, so this file is never read in Azure. It only records; the host decides what to run.

const HOOKS = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'];

const recorded = { functions: new Map(), hooks: [], model: undefined, sink: undefined };

class Disposable {
  #dispose;

  static from(...disposables) {
    return new Disposable(() => {
      for (const each of disposables) each?.dispose?.();
    });
  }

  constructor(callOnDispose) {
    this.#dispose = callOnDispose;
  }

  dispose() {
    const dispose = this.#dispose;
    this.#dispose = undefined;
    return dispose?.();
  }
}

function registerFunction(metadata, callback) {
  const id = metadata.functionId ?? metadata.name;
  if (recorded.functions.has(id)) throw new Error(`A function with id "${id}" has already been registered.`);
  recorded.functions.set(id, { id, metadata: { ...metadata, functionId: id }, callback });
  return new Disposable(() => recorded.functions.delete(id));
}

function registerHook(hookName, callback) {
  // The library turns this error into "needs a newer host", as it does on workers without log hooks.
  if (!HOOKS.includes(hookName)) {
    throw Object.assign(new RangeError(`Unrecognized hook "${hookName}"`), { isAzureFunctionsSystemError: true });
  }
  const hook = { name: hookName, callback };
  recorded.hooks.push(hook);
  return new Disposable(() => {
    recorded.hooks = recorded.hooks.filter((each) => each !== hook);
  });
}

module.exports = {
  version: '3.12.0',
  hostVersion: '4.1048.0',
  Disposable,
  registerFunction,
  registerHook,
  setProgrammingModel: (model) => {
    recorded.model = model;
  },
  getProgrammingModel: () => recorded.model,
  log: (level, category, message) => recorded.sink?.(level, category, message),
  /** Not in the worker's module: what has been recorded so far, for the local host and for tests. */
  recorded,
};
