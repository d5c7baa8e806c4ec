import { ELSEWHERE, SOFTWARE } from '../software/table.ts';
import { listed, type Recogniser } from './recogniser.ts';

const suffix = '(?: (?:engine|service|daemon))?';
const version =
  '(?: (?:version |v)?(?<version>\\d{1,2}(?:\\.\\d{1,3}){0,2})(?! ?(?:gb|mb|tb|g\\b|m\\b|vcpu|cpu|core|servers?|vms?|machines?)))?';

/** Software by its name, and packages that the table does not know. */
export const SOFTWARE_WORDS: readonly Recogniser[] = [
  ...SOFTWARE.map(({ id, label, words }): Recogniser => ({
    say: `(?:${words})${version}${suffix}`,
    means: (wish, said, all) => {
      wish.software.add(id);
      if (said.part('version') === '') return;
      all.assumptions.push(`${label} is the version that the distribution has, not ${said.part('version')} by name.`);
    },
  })),
  {
    say: `(?:${ELSEWHERE})(?: (?:cluster|server|stack|agent))?`,
    means: (_wish, said, all) =>
      void all.notUnderstood.push(
        `${said.text}: no repository of the distributions has it, and nothing else is fetched`,
      ),
  },
  {
    say: '(?:install|with (?:the )?packages?|packages?:?|the tools?) (?<names>[a-z][a-z\\d.+-]+(?:(?:,? and |, ?)[a-z][a-z\\d.+-]+)*)(?: (?:installed|on (?:it|them)))?',
    means: (wish, said, all) => {
      const names = listed(said.part('names'));
      for (const name of names) wish.packages.add(name);
      all.assumptions.push(`Taken for names of packages: ${names.join(', ')}.`);
    },
  },
  {
    say: 'monitoring(?: agent)?|metrics',
    means: (wish, said, all) => {
      wish.software.add('node-exporter');
      all.assumptions.push(`“${said.text}” is taken for the Prometheus node exporter.`);
    },
  },
];
