// Reads {name: query} from standard input; prints {name: [what Kusto's own language service says against it]}.
// Tables and columns: "Application Insights telemetry data model" and the workspace's table reference, those that are used.
const service = require.resolve("@kusto/language-service-next/package.json").replace(/package\.json$/, "");
require(`${service}bridge.min.js`);
require(`${service}Kusto.Language.Bridge.min.js`);
const { GlobalState, KustoCode, Symbols } = globalThis.Kusto.Language;

const COMMON = "timestamp: datetime, customDimensions: dynamic, operation_Id: string, operation_Name: string, cloud_RoleName: string, itemCount: int";
const TABLES = {
  traces: `(${COMMON}, message: string, severityLevel: int)`,
  requests: `(${COMMON}, id: string, name: string, url: string, success: string, resultCode: string, duration: real)`,
  exceptions: `(${COMMON}, type: string, method: string, outerMessage: string, problemId: string, severityLevel: int)`,
  AzureDiagnostics:
    "(TimeGenerated: datetime, ResourceId: string, Category: string, OperationName: string, ResultSignature: string, CallerIPAddress: string, id_s: string, identity_claim_appid_g: string, identity_claim_oid_g: string, httpStatusCode_d: real)",
  _LogOperation: "(TimeGenerated: datetime, Category: string, Operation: string, Level: string, Detail: string)",
  StorageTableLogs:
    "(TimeGenerated: datetime, AccountName: string, OperationName: string, StatusCode: string, StatusText: string, CallerIpAddress: string, RequesterObjectId: string, Uri: string, ObjectKey: string)",
};
const tables = Object.entries(TABLES).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
const database = new Symbols.DatabaseSymbol.$ctor1("logs", tables);
const known = GlobalState.Default.WithDatabase(database);

const queries = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const said = {};
for (const [name, query] of Object.entries(queries)) {
  const found = KustoCode.ParseAndAnalyze(query, known).GetDiagnostics();
  said[name] = Array.from({ length: found.Count }, (_, i) => `${query.slice(found.getItem(i).Start, found.getItem(i).End)}: ${found.getItem(i).Message}`);
}
process.stdout.write(JSON.stringify(said));
