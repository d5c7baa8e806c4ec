import type { Dataset, Quantity } from '@pxa/catalog';
import type { Amount } from './amounts.ts';
import type { MeasureWords } from './fragment.ts';

type Qualifier = MeasureWords['qualifier'];

/** The quantities and columns of a dataset that a measure's words name. */
function named(
  dataset: Dataset,
  measure: MeasureWords,
  amount?: Amount,
): { quantity?: Quantity; column?: string } | undefined {
  const mine = measure.senses.filter((sense) => sense.dataset === dataset);
  const quantity = mine.find((sense) => sense.t === 'quantity');
  if (quantity) return { quantity: quantity.quantity };
  const attribute = mine.find((sense) => sense.t === 'attribute');
  if (attribute) return { column: attribute.column };
  // "more than 100 GB free", with no word for what: of what the dataset measures first in that unit.
  if (measure.senses.length > 0) return undefined;
  const list = dataset.quantities ?? [];
  const { qualifier } = measure;
  const told = qualifier && list.find((quantity) => quantity[qualifier] !== undefined);
  const first =
    amount === undefined ? (told ?? list[0]) : (list.find(({ plain }) => fits(dataset, plain, amount)) ?? list[0]);
  return first === undefined ? undefined : { quantity: first };
}

function byQualifier(quantity: Quantity, qualifier: Qualifier): string | undefined {
  if (qualifier === 'used') return quantity.used ?? quantity.plain;
  return qualifier === undefined ? quantity.plain : quantity[qualifier];
}

const unitsOf: Readonly<Record<Amount['unit'], readonly string[]>> = {
  bytes: ['bytes'],
  fraction: ['fraction'],
  seconds: ['seconds'],
  rate: ['rate'],
  plain: ['count', 'vcpus', 'mhz', 'days', 'guests', 'nodes', 'text'],
};

/** The column that a comparison with an amount is about; undefined where the dataset has none in that unit. */
export function columnFor(dataset: Dataset, measure: MeasureWords, amount: Amount, given: boolean): string | undefined {
  const name = named(dataset, measure, amount);
  if (name === undefined) return undefined;
  if (name.column !== undefined) return fits(dataset, name.column, amount) ? name.column : undefined;
  const quantity = name.quantity as Quantity;
  const { qualifier } = measure;
  // What is in use says nothing of what is free.
  if (qualifier === 'free' && quantity.free === undefined && quantity.used !== undefined && amount.unit !== 'fraction')
    return undefined;
  // "With 8 GB", "has more than 4 cores": what it was given. "Memory over 80%": the share that is in use.
  const wanted: Qualifier = amount.unit === 'fraction' ? 'share' : (qualifier ?? (given ? 'total' : undefined));
  const order = [
    byQualifier(quantity, wanted),
    byQualifier(quantity, qualifier),
    quantity.plain,
    quantity.total,
    quantity.used,
    quantity.free,
    quantity.share,
  ];
  return order.find((column): column is string => column !== undefined && fits(dataset, column, amount));
}

function fits(dataset: Dataset, column: string, amount: Amount): boolean {
  const definition = dataset.columns[column];
  if (definition === undefined || definition.type !== 'number') return false;
  return unitsOf[amount.unit].includes(definition.unit);
}

/** The column that rows are ordered or summed by; `sum` wants one that can be added up. */
export function columnOf(
  dataset: Dataset,
  measure: MeasureWords,
  use: 'order' | 'sum' | 'value' | 'count',
): string | undefined {
  const name = named(dataset, measure);
  if (name === undefined) return undefined;
  if (name.column !== undefined) return name.column;
  const quantity = name.quantity as Quantity;
  const column = byQualifier(quantity, measure.qualifier) ?? quantity.plain;
  if (use === 'sum' && dataset.columns[column]?.unit === 'fraction') {
    // Shares cannot be added up; what they are shares of can.
    const summable = [`${column}_used`, quantity.used, quantity.total].find(
      (each) => each !== undefined && each in dataset.columns && dataset.columns[each]?.unit !== 'fraction',
    );
    return summable ?? column;
  }
  if (use === 'count' && measure.qualifier !== 'free' && dataset.columns[column]?.unit !== 'count')
    return quantity.total ?? column;
  return column;
}

/** The columns to show for a measure that was only named ("memory of the VMs"). */
export function focusOf(dataset: Dataset, measure: MeasureWords): string[] | undefined {
  const name = named(dataset, measure);
  if (name === undefined) return undefined;
  if (name.column !== undefined) return [name.column];
  const { plain, used, total, share, free } = name.quantity as Quantity;
  const order: (string | undefined)[] =
    measure.qualifier === 'free'
      ? [free ?? plain, total]
      : measure.qualifier === 'total'
        ? [total ?? plain]
        : measure.qualifier === 'share'
          ? [share ?? plain, used, total]
          : [used ?? plain, total, share];
  return [...new Set(order.filter((column): column is string => column !== undefined))];
}
