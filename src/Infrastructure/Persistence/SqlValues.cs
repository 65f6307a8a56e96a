using System.Text;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>The rows of a VALUES list, written by hand: its text holds places, and the values travel as parameters.</summary>
internal sealed class SqlValues
{
    private readonly StringBuilder text = new();
    private readonly List<object> parameters = [];

    /// <summary>The list, as in <c>({0},{1}),({2},{3})</c>.</summary>
    public string Text => text.ToString();

    public object[] Parameters => [.. parameters];

    public void Add(params ReadOnlySpan<object> row)
    {
        text.Append(text.Length == 0 ? "(" : ",(");
        for (var i = 0; i < row.Length; i++)
        {
            text.Append(i == 0 ? "{" : ",{").Append(parameters.Count).Append('}');
            parameters.Add(row[i]);
        }

        text.Append(')');
    }
}
