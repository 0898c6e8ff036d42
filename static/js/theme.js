// Runs before the first paint: the theme that this browser was set to, so that nothing flashes. A classic script on purpose.
(() => {
  try {
    const theme = localStorage.getItem("skyeim.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system decides.
  }
})();
