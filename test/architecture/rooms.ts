import { ENGINE_ROOMS } from './engineRooms.ts';
import { HOST_ROOMS } from './hostRooms.ts';
import { UI_ROOMS } from './uiRooms.ts';

/**
 * Every room (folder) of the sources, and the rooms it may import from besides itself. Imports go down only: a room stands below all rooms
 * that name it. ARCHITECTURE.md describes what each room holds and in which thread or process it runs.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = { ...ENGINE_ROOMS, ...HOST_ROOMS, ...UI_ROOMS };
