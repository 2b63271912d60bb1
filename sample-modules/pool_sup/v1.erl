%% pool_sup, version 1: a simple_one_for_one; the children are counters.
-module(pool_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 3},
          [#{id => counter, start => {counter, start_link, []}}]}}.
