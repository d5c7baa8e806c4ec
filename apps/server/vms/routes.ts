import { VM } from '../guests/kinds.ts';
import { guestRoutes } from '../guests/routes.ts';
import type { App } from '../server.ts';

/** Virtual machines. */
export const vmRoutes = (app: App): Promise<void> => guestRoutes(app, VM);
