/** Says once per page that the session is over, and links back to this URL. */
export function listenForSignOut(): void {
  document.addEventListener('ops-auth-required', () => {
    const notice = document.querySelector('#session-over');
    if (notice === null || notice.hasChildNodes()) return;
    const link = document.createElement('a');
    link.href = `/sign-in?return=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = 'Sign in again';
    notice.append('Your session has expired. ', link);
  });
}
