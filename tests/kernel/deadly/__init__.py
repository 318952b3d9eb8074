"""An application whose one kind of job kills its worker."""
