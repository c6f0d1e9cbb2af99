"""`modelport ci`: every model that a project declares, converted, compared and packaged, unless nothing changed."""
