import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { pci } from './pci.ts';
import { usb } from './usb.ts';

export const hardwareCapability = capability({ id: 'hardware', title: 'Hardware', datasets: [pci, usb], examples });
