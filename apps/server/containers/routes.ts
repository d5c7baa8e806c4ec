import { CONTAINER } from '../guests/kinds.ts';
import { guestRoutes } from '../guests/routes.ts';
import type { App } from '../server.ts';

/** Containers, served as virtual machines are. */
export const containerRoutes = (app: App): Promise<void> => guestRoutes(app, CONTAINER);
