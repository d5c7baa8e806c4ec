/**
 * What rules are evidence for, by what they are about: safeguards of the CIS Critical Security Controls v8 and criteria of
 * the SOC 2 trust services (2017). A rule names those that ask for exactly what it looks at.
 */
export const CONTROLS = {
  'CIS 2.2': 'Ensure authorized software is currently supported',
  'CIS 3.10': 'Encrypt sensitive data in transit',
  'CIS 4.1': 'Establish and maintain a secure configuration process',
  'CIS 4.4': 'Implement and manage a firewall on servers',
  'CIS 4.7': 'Manage default accounts on enterprise assets and software',
  'CIS 5.2': 'Use unique passwords',
  'CIS 5.4': 'Restrict administrator privileges to dedicated administrator accounts',
  'CIS 6.2': 'Establish an access revoking process',
  'CIS 6.5': 'Require MFA for administrative access',
  'CIS 6.8': 'Define and maintain role-based access control',
  'CIS 7.3': 'Perform automated operating system patch management',
  'CIS 7.7': 'Remediate detected vulnerabilities',
  'CIS 11.2': 'Perform automated backups',
  'SOC2 A1.2': 'Backup and recovery infrastructure is in place',
  'SOC2 CC6.1': 'Logical access to protected assets is restricted',
  'SOC2 CC6.2': 'Access is granted and removed as it is authorized',
  'SOC2 CC6.3': 'Access follows roles, least privilege and separation of duties',
  'SOC2 CC6.6': 'Threats from outside the system’s boundaries are kept out',
  'SOC2 CC6.7': 'Information is protected while it is transmitted',
  'SOC2 CC6.8': 'Unauthorized or malicious software is prevented or detected',
  'SOC2 CC7.1': 'Changes of configuration and new vulnerabilities are detected',
  'SOC2 CC8.1': 'Changes of infrastructure are authorized and controlled',
} as const;

export type Control = keyof typeof CONTROLS;
