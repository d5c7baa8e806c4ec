import { adviceDatasets } from '@pxa/advise';
import { catalogue, type Dataset } from '@pxa/catalog';
import type { Risk, Unit } from '@pxa/contract';

/** The door to what can be asked and done, as data: for a door that lists it. */
export interface DatasetFacts {
  readonly id: string;
  readonly title: string;
  /** The capability that it is of. */
  readonly capability: string;
  readonly columns: readonly {
    readonly key: string;
    readonly label: string;
    readonly type: string;
    readonly unit: Unit;
  }[];
  /** The columns that are shown where none is named. */
  readonly shown: readonly string[];
}

export interface InputFacts {
  readonly name: string;
  /** What its value is: `size`, `count`, `choice`, … */
  readonly kind: string;
  /** The values of a choice. */
  readonly values: readonly string[] | undefined;
  readonly isRequired: boolean;
}

export interface ActionFacts {
  readonly id: string;
  /** What it does, as an order without its object. */
  readonly verb: string;
  readonly capability: string;
  readonly risk: Risk;
  /** The dataset whose rows it acts on; undefined for what makes something new, or names its object by an input. */
  readonly on: string | undefined;
  readonly inputs: readonly InputFacts[];
  /** Proxmox answers it with a secret that it tells this once: kept nowhere, it is seen where one waits for the job. */
  readonly answersSecret: boolean;
  readonly examples: readonly string[];
}

const datasetFacts = (capability: string, { id, title, columns, shown }: Dataset): DatasetFacts => ({
  id,
  title,
  capability,
  columns: Object.entries(columns).map(([key, { label, type, unit }]) => ({ key, label, type, unit })),
  shown,
});

/** Everything that can be asked about, in the order of the documentation. */
export const datasetList: readonly DatasetFacts[] = [
  ...catalogue.flatMap(({ id, datasets }) => datasets.map((each) => datasetFacts(id, each))),
  ...Array.from(adviceDatasets.values(), (each) => datasetFacts('advice', each)),
];

/** Everything that can be done, in the order of the documentation. */
export const actionList: readonly ActionFacts[] = catalogue.flatMap(({ id: capability, actions = [] }) =>
  actions.map(({ id, verb, risk, on, input, answersSecret = false, examples }) => ({
    id,
    verb,
    capability,
    risk,
    on: on?.dataset,
    inputs: Object.entries(input).map(([name, { kind, values, ask }]) => ({
      name,
      kind,
      values: values === undefined ? undefined : Object.keys(values),
      isRequired: ask !== undefined,
    })),
    answersSecret,
    examples: examples.map(({ say }) => say),
  })),
);
