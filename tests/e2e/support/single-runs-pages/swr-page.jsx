import { Fragment } from "react";
import { Row } from "./swr.jsx";
import { openTable } from "./table.jsx";

openTable(Row, Fragment);
