"""The reference for opening and moving: a bare Textual app with a 200-row DataTable."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class BareApp(App[None]):
    """A table and nothing else."""

    def compose(self) -> ComposeResult:
        table: DataTable[str] = DataTable(cursor_type="row")
        table.add_columns("id", "due", "kind", "customer", "subject")
        for number in range(200):
            table.add_row(str(number), "2 Mar 18:00", "complaint", "Customer", "FIRST-ROW subject")
        yield table


if __name__ == "__main__":
    BareApp().run()
