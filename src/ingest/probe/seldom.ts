/** Pictures that are further apart than this, in ms, come seldom: nothing may be kept back until the next one. */
export const seldomMs = 1000;
