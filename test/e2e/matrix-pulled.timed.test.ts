import { addressRows } from './matrix/address-rows.ts';
import { fileRows } from './matrix/file-rows.ts';
import { playRows } from './matrix/play-rows.ts';

playRows([...fileRows, ...addressRows]);
