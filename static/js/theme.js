// Runs before the first paint, so that nothing flashes: how this browser's person wants pages to look. What the server wrote
// into the page counts, unless it came out of a cache and something was chosen since. A classic script on purpose.
(() => {
  const root = document.documentElement;
  try {
    const kept = JSON.parse(localStorage.getItem("skyeim.look"));
    const { look, lookAt } = root.dataset;
    if (kept && (!look || (String(kept.user) === look && kept.at > Number(lookAt)))) {
      const wanted = { theme: kept.theme === "auto" ? null : kept.theme, text: kept.textSize, ticks: kept.rising === "red" ? "red-up" : null };
      for (const [name, value] of Object.entries(wanted)) {
        if (value) root.dataset[name] = value;
        else delete root.dataset[name];
      }
    }
  } catch {
    // Storage is closed to us, or holds what is not ours: the server's word stands, or the system decides.
  }
  // The frame of the window, and the phone's status bar.
  const { theme } = root.dataset;
  if (theme) for (const meta of document.querySelectorAll("meta[data-scheme]")) meta.media = meta.dataset.scheme === theme ? "all" : "not all";
})();
