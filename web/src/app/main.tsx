import "./styles";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { wearTheme } from "./themeSheet";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
wearTheme(null);
createRoot(root).render(<App />);
