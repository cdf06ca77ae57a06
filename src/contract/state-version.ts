/** The version of the tables of a state, as this build makes them. */
export const stateVersion = 13;
