import { routeFacts } from '../facts/lines.ts';
import type { PropertyFormat } from '../facts/properties.ts';
import { namedFormat } from '../facts/properties.ts';
import type { RouteId } from '../facts/types.ts';

/** `net3` is looked up as `net[n]` where no parameter has that very name. */
function indexed(key: string): string {
  return key.replace(/\d+$/, '[n]');
}

/**
 * The property-string format of a parameter: `formatOf('PUT /nodes/{node}/qemu/{vmid}/config', 'net0')`. Throws where
 * the parameter is none (a bug of the caller's).
 */
export function formatOf(route: RouteId, parameter: string): PropertyFormat {
  const properties = routeFacts(route).parameters.properties ?? {};
  const schema = properties[parameter] ?? properties[indexed(parameter)];
  if (typeof schema?.format === 'string') return namedFormat(schema.format);
  if (!schema?.format) throw new Error(`${route}: ${parameter} is not a property string`);
  return schema.format;
}

const VM: RouteId = 'PUT /nodes/{node}/qemu/{vmid}/config';
const CT: RouteId = 'PUT /nodes/{node}/lxc/{vmid}/config';

/** The format of a key of a virtual machine's configuration. */
export function vmFormat(key: string): PropertyFormat {
  return formatOf(VM, key);
}

/** The format of a key of a container's configuration. */
export function ctFormat(key: string): PropertyFormat {
  return formatOf(CT, key);
}
