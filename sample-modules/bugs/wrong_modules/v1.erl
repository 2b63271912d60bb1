%% desk_sup, version 1: a desk, at which a counter sits.
%%
%% With a bug: the spec of the desk names another module than the one that it runs, so no
%% upgrade of that finds it (C5). Its correct twin is desk_sup/v1.erl.
%%
%% ninenines/cowboy#80.
-module(desk_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => desk, start => {counter, start_link, [desk, 0]}, modules => [desk]}]}}.
