%% desk_sup, version 1: a desk, at which a counter sits.
-module(desk_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => desk, start => {counter, start_link, [desk, 0]}}]}}.
