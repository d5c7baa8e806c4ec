import { addStorage } from './add-storage.ts';
import { disableStorage, enableStorage, setContent, setNodes } from './change-storage.ts';
import { deleteVolume } from './delete-volume.ts';
import { downloadTemplate, downloadUrl } from './download.ts';
import { removeStorage } from './remove-storage.ts';
import { capability } from '../kit/index.ts';
import { storageDefinitions } from './definitions.ts';
import { examples } from './examples.ts';
import { setRetention } from './set-retention.ts';
import { uploadFile } from './upload.ts';
import { storage } from './storage.ts';
import { volumes } from './volumes.ts';

export const storageCapability = capability({
  id: 'storage',
  title: 'Storage',
  datasets: [storage, volumes, storageDefinitions],
  examples,
  actions: [
    downloadUrl,
    downloadTemplate,
    uploadFile,
    deleteVolume,
    addStorage,
    enableStorage,
    disableStorage,
    setContent,
    setNodes,
    setRetention,
    removeStorage,
  ],
});
