/** What stands for what is no business of who asks. */
export const hiddenWord = '-';
