import { type App, compose } from '../shared/app.ts';

/** The one app of this process, composed when the functions are loaded: what is missing is told before anything runs. */
export const quell: App = compose(process.env);
