import Testing

import Recommenders
