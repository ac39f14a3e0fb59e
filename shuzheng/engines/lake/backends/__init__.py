"""Where tables lie, and the engines that run trees."""
