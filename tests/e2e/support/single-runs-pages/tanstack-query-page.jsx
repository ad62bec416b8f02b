import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { openTable } from "./table.jsx";
import { Row } from "./tanstack-query.jsx";

const queryClient = new QueryClient();
openTable(Row, ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>);
