"""Makes datasets of pictures: reads them, names them, reduces them to flat colours, and splits them."""
