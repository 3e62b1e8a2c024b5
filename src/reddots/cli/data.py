"""x."""
import typer
data = typer.Typer()
@data.command("list")
def lst() -> None:
    """X."""
@data.command("x")
def lst2() -> None:
    """X."""
