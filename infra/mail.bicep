metadata description = 'What the mail of an alert has as its subject, where it is about one thing of several: a preview of Azure Monitor.'

var dimensions = 'data.alertContext.condition.allOf[0].dimensions'

@export()
@description('Fired or Resolved, the name of the rule, and the first three of the columns that it is split by.')
func subject(name string, columns int) string =>
  '\${data.essentials.monitorCondition} ${name}: ${join(map(range(0, min(columns, 3)), i => '\${${dimensions}[${i}].value}'), ' ')}'
