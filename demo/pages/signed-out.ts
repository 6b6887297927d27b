/** Says once for the whole page that nobody is signed in any more, and how to come back to this very address. */
export function listenForSignOut(): void {
  document.addEventListener('ops-auth-required', () => {
    const notice = document.querySelector('#session-over');
    if (notice === null || notice.hasChildNodes()) return;
    const link = document.createElement('a');
    link.href = `/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = 'Sign in again';
    notice.append('Your session is over. ', link);
  });
}
