import "./styles";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { adoptTheme } from "./themeSheet";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
adoptTheme();
createRoot(root).render(<App />);
