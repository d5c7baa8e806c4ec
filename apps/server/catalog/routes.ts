import { actionList, datasetList } from '@pxa/assistant/catalog';
import { z } from 'zod';
import { answer, answerOf } from '../http/envelope.ts';
import { notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { actionTold, ActionTold, datasetTold, DatasetTold } from './schemas.ts';

/** Whoever has a token may know what there is. */
const config = { scope: 'any', limit: 'read' } as const;
const tags = ['catalog'];

/** What can be asked and done. */
export async function catalogRoutes(app: App): Promise<void> {
  wholeRoute(app);
  partRoutes(app);
}

function wholeRoute(app: App): void {
  app.get(
    '',
    {
      config,
      schema: {
        operationId: 'getCatalog',
        summary: 'List what can be asked about, and what can be done',
        tags,
        response: { 200: answerOf(z.object({ datasets: z.array(DatasetTold), actions: z.array(ActionTold) })) },
      },
    },
    (request) =>
      Promise.resolve(answer(request, { datasets: datasetList.map(datasetTold), actions: actionList.map(actionTold) })),
  );
}

function partRoutes(app: App): void {
  const params = z.object({ name: z.string() });
  app.get(
    '/datasets/:name',
    {
      config,
      schema: {
        operationId: 'getDataset',
        summary: 'Show a dataset with its columns',
        tags,
        params,
        response: { 200: answerOf(z.object({ dataset: DatasetTold })) },
      },
    },
    async (request) => {
      const { name } = request.params;
      const found = datasetList.find(({ id }) => id === name);
      if (found === undefined) throw notFound('dataset', name);
      return answer(request, { dataset: datasetTold(found) });
    },
  );
  app.get(
    '/actions/:name',
    {
      config,
      schema: {
        operationId: 'getAction',
        summary: 'Show an action with its risk and its inputs',
        tags,
        params,
        response: { 200: answerOf(z.object({ action: ActionTold })) },
      },
    },
    async (request) => {
      const { name } = request.params;
      const found = actionList.find(({ id }) => id === name);
      if (found === undefined) throw notFound('action', name);
      return answer(request, { action: actionTold(found) });
    },
  );
}
