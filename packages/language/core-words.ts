import type { Comparison } from '@pxa/contract';
import { Trie } from './trie.ts';

/** Words that mean the same in every dataset. */
export type Core =
  | { c: 'compare'; is: Comparison }
  | { c: 'qualifier'; which: 'used' | 'total' | 'share' | 'free'; given?: true }
  | { c: 'aggregate'; of: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'share' }
  | { c: 'most'; dir: 'asc' | 'desc' }
  | { c: 'not' }
  | { c: 'except' }
  | { c: 'with'; neg: boolean }
  | { c: 'and' }
  | { c: 'or' }
  | { c: 'all' }
  | { c: 'any' }
  | { c: 'per' }
  | { c: 'sort' }
  | { c: 'direction'; dir: 'asc' | 'desc' }
  | { c: 'prep'; to: 'of' | 'on' | 'for' | 'by' | 'to' | 'from' }
  | { c: 'ask' }
  | { c: 'be' }
  | { c: 'text'; how: 'contains' | 'starts' | 'ends' | 'matches' }
  | { c: 'pronoun'; plural: boolean }
  | { c: 'only' }
  | { c: 'also' }
  | { c: 'older'; is: '<' | '>' }
  | { c: 'filler' }
  | { c: 'polite' };

const entries: readonly [string, Core][] = [
  [
    'more than|over|above|greater than|higher than|larger than|bigger than|longer than|for longer than|exceeding|exceed|beyond|upward of|in excess of|>',
    { c: 'compare', is: '>' },
  ],
  [
    'at least|no less than|not less than|minimum of|a minimum of|no fewer than|not fewer than|>=|≥|=>',
    { c: 'compare', is: '>=' },
  ],
  ['less than|under|below|fewer than|lower than|smaller than|shorter than|<', { c: 'compare', is: '<' }],
  [
    'at most|no more than|not more than|up to|maximum of|a maximum of|not over|not above|<=|≤|=<',
    { c: 'compare', is: '<=' },
  ],
  ['exactly|equal to|precisely|=|==', { c: 'compare', is: '=' }],
  ['other than|not equal to|!=', { c: 'compare', is: '!=' }],

  [
    'used|in use|use|using|usage|consumption|consumed|consume|consuming|utilization|utilisation|utilized|occupied|occupy|taken|taking|take|eat|eating|load|burn|burning|actually used|consumer|hog|eater|hogging|take up|taking up|taken up|eat up|eating up|use up|using up|used up|gobble up|gobbling up|chew up|chewing up|intensive|demanding',
    { c: 'qualifier', which: 'used' },
  ],
  [
    'allocated|assigned|given|configured|provisioned|reserved|handed out|promised|size|capacity|allocation|assigned to|installed',
    { c: 'qualifier', which: 'total', given: true },
  ],
  ['free|available|left|remaining|remain|unused|spare|left over|headroom', { c: 'qualifier', which: 'free' }],
  ['percentage|percent|share|ratio|relative|in percent|as a percentage', { c: 'qualifier', which: 'share' }],

  [
    'how many|number of|the number of|count|count of|amount of|quantity of|total number of|tally',
    { c: 'aggregate', of: 'count' },
  ],
  [
    'how much|total|sum|sum of|the sum of|total of|combined|altogether|overall|in total|summed|add up|together|total amount of|how many (gb|gib|gig|gigabyte|mb|mib|megabyte|tb|tib|terabyte|byte)( of)?',
    { c: 'aggregate', of: 'sum' },
  ],
  ['average|mean|on average|avg|typical|the average', { c: 'aggregate', of: 'avg' }],
  ['maximum|max|peak|highest value of|peak value of', { c: 'aggregate', of: 'max' }],
  ['minimum|min|lowest value of', { c: 'aggregate', of: 'min' }],
  [
    '(what|which)? (percentage|percent|share|fraction|proportion|part) of|how many percent of',
    { c: 'aggregate', of: 'share' },
  ],

  ['most|the most|highest|largest|biggest|greatest|top|heaviest|longest', { c: 'most', dir: 'desc' }],
  ['least|the least|lowest|smallest|fewest|bottom|lightest|shortest', { c: 'most', dir: 'asc' }],

  ["not|n't|never|nor|no longer|neither", { c: 'not' }],
  [
    'except|all but|everything but|every one but|except for|excluding|but not|apart from|other than|ignoring|leaving out|save for|besides|outside|outside of',
    { c: 'except' },
  ],
  [
    'with neither|have neither|has neither|having neither|without|lacking|missing|with no|without any|with zero|lack|that lack|but no|and no|but without|have no|has no|having no|do not have|does not have|do not have any|does not have any|not having|have not any|have not|has not|without an?',
    { c: 'with', neg: true },
  ],
  [
    'with|having|have|has|had|need|require|needing|requiring|carrying|carry|bearing|bear|contain|containing|include|including|that has|which has|own|owning|get',
    { c: 'with', neg: false },
  ],
  ['and|as well as|vs|versus|compared to|compared with|plus|,|&|but', { c: 'and' }],
  ['or|either', { c: 'or' }],
  ['all|every|each|everything|entire|whole|all the|all of the|all of|any and all', { c: 'all' }],
  ['any|some|anything|something|someone|somebody|anyone|anybody', { c: 'any' }],
  [
    'per|group them by|group it by|group those by|for each|for every|grouped by|group by|broken down by|by each|split by|on each|in each|on every|of each',
    { c: 'per' },
  ],
  [
    'sort|sorted|order|ordered|rank|ranked|arrange|arranged|sort by|sorted by|order by|ordered by|ranked by|rank by|sort them by|order them by|arrange by',
    { c: 'sort' },
  ],
  [
    'ascending|asc|in ascending order|lowest first|smallest first|least first|ascending order|a to z|alphabetically|increasing',
    { c: 'direction', dir: 'asc' },
  ],
  [
    'descending|desc|in descending order|highest first|largest first|biggest first|most first|descending order|reverse|reversed|decreasing|in reverse|reverse order|in reverse order|backward',
    { c: 'direction', dir: 'desc' },
  ],

  ['of|among|amongst|belonging to|belong to|that belong to|owned by|attached to', { c: 'prep', to: 'of' }],
  [
    'on|across|throughout|connected to|plugged into|in|at|inside|within|into|under|located on|living on|hosted on|hosted by|stored on|residing on|placed on|sitting on|live on|host on|located at',
    { c: 'prep', to: 'on' },
  ],
  ['for|about|regarding|concerning', { c: 'prep', to: 'for' }],
  ['by', { c: 'prep', to: 'by' }],
  ['to|towards|toward|targeting|onto', { c: 'prep', to: 'to' }],
  ['from|off', { c: 'prep', to: 'from' }],

  [
    'show|compare|dump|whatever|list|display|give|print|get|find|enumerate|tell|see|view|fetch|retrieve|what|which|who|whose|where|when|how|check|look up|look at|report|inspect|describe|search|search for|look for|pull up|query|name|identify|determine|output|summarize|summarise|let me see|let me know|tell me about|describe',
    { c: 'ask' },
  ],
  [
    'is|are|was|were|be|been|being|happen to be|happen to|located|situated|do|does|did|am|exist|run|ran|made|live|reside|sit|stand|there is|there are|is there|are there',
    { c: 'be' },
  ],

  ['contain|containing|include|including|like|matching', { c: 'text', how: 'contains' }],
  [
    'start with|starting with|begin with|beginning with|that start with|that begin with|prefixed with|with prefix|with the prefix',
    { c: 'text', how: 'starts' },
  ],
  ['end with|ending with|ending in|end in|finish with|suffixed with', { c: 'text', how: 'ends' }],
  ['match|matching|like', { c: 'text', how: 'matches' }],

  ['them|they|those|these|their|all of them', { c: 'pronoun', plural: true }],
  ['it|that|this|its|this one|that one|the same', { c: 'pronoun', plural: false }],
  [
    'only|just|restrict to|restrict it to|limit to|limit it to|limit that to|limit them to|limit those to|restrict that to|restrict them to|narrow that down to|narrow them down to|narrow it down to|narrow down to|keep only|filter|filter by|filter on|filter to|but only',
    { c: 'only' },
  ],
  [
    'also|too|as well|what about|how about|and what about|and how about|same for|the same for|likewise|and for|now for|now',
    { c: 'also' },
  ],
  ['older than|before|earlier than|prior to|more than ago|longer ago than', { c: 'older', is: '<' }],
  [
    'newer than|after|since|later than|younger than|more recent than|less than ago|fresher than',
    { c: 'older', is: '>' },
  ],

  [
    'i mean|we mean|i meant|please|kindly|good morning|good evening|good afternoon|greetings|be so kind to|be so kind as to|be so kind and|hey|hi|hello|so|thank|thank you|pls|plz|could you|can you|would you|will you|could you please|can you please|would you please|i want to see|i would like to see|i want to know|i would like to know|i need to know|i need to see|i need|i want|i would like|do you know|i wonder (if|whether)?|i (was|am) wondering (if|whether)?|(tell me|let me know|know|check|see) (if|whether)|quick question|one question|a question|we need|let us|just tell me|quickly|for me|if you can|would you mind|tell me|show me|give me|do we have|have we got|have i got|do i have|have we|have i|got',
    { c: 'polite' },
  ],
  [
    'that is to say|in other words|a breakdown of|breakdown of|breakdown|instead|heavily|lightly|highly|really|very|quite|developed|develop|evolved|changed|i should know|should know about|i should know about|know about|know|terms|enough|another|additional|extra|resource|resource usage|resource use|resource utilization|resource utilisation|resource consumption|usage detail|a|an|the|of the|my|our|your|me|us|i|we|you|currently|right now|at the moment|presently|at present|current|present|actual|actually|really|here|there|out there|that|which|who|whose|as|s|info|information|detail|details|data|overview of|list of|a list of|the list of|table of|a table of|in a table|as a table|set|so far|yet|already|still|ever|then|again|exactly|one|ones|other|thing|stuff|can|could|should|would|will|may|it|cluster wide|across the cluster|across the whole cluster|in the cluster|on the cluster|in my cluster|on my cluster|in our cluster|in this cluster|of the cluster|across all nodes|on all nodes|cluster|environment|infrastructure|in the environment|datacenter|in the datacenter|proxmox|pve|go|going|kind of|sort of|type of|value|figure|level|amount|together with|along with|their|its|took|lasted|lasting|time|state of|status of|situation|doing|look|looking|exist|existing|at all|ago|being|what is|how is|world|everywhere|anywhere',
    { c: 'filler' },
  ],
];

/** The words of the language itself, compiled once. */
export function compileCore(): Trie<Core> {
  const trie = new Trie<Core>();
  for (const [pattern, core] of entries) trie.add(pattern, core);
  return trie;
}
