import { forbidOutside, permitOutside } from './outside';

// As soon as the file is loaded, and until it has ended: jest runs files of other projects in the same process.
forbidOutside();
afterAll(permitOutside);
