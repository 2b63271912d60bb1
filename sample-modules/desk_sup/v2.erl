%% desk_sup, version 2: bears more.
-module(desk_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 4},
          [#{id => desk, start => {counter, start_link, [desk, 0]}}]}}.
